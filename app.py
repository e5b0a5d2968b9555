"""Entry point: `python app.py` for a trial, `gunicorn app:server` for service."""

from dashboard.factory import main, wsgi

if __name__ == "__main__":
    main()
else:
    server = wsgi()
