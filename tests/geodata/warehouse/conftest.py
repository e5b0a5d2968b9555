from tests.postgres import postgres_server, warehouse

__all__ = ["postgres_server", "warehouse"]
