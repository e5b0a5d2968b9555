"""Entry point: `python app.py` for a trial, `gunicorn app:server` for service."""

import sys

from dashboard import usage
from dashboard.start import main, wsgi

if __name__ == "__main__":
    usage.check(sys.argv[1:])
    main()
else:
    server = wsgi()
