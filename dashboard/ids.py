"""Every component id, one StrEnum per screen."""

from enum import StrEnum


class Overview(StrEnum):
    """Ids of the overview; styles and scripts know them too."""

    URL = "url"
    MAP_STATE = "map-state"
    REFRESH = "refresh"
    PAGE = "page"
    FRAME = "frame"
    BODY = "body"
    TIMELINE = "timeline"
    TREND = "trend"
    RECENT = "recent"
    MAP = "map"
    MAIN = "main"
    HELP = "help"
    SEARCH = "search"
    SEARCH_LIST = "search-list"
    SEARCH_SAID = "search-said"


class Import(StrEnum):
    """Ids of the import screen; the same scripts serve what it shares with the overview."""

    URL = "url"
    REFRESH = "refresh"
    HELP = "help"
    CHANGED = "import-changed"
    HEAD = "import-head"
    MAIN = "import-main"


class Wall(StrEnum):
    """Ids of the wall; no callback knows them."""

    PAGE = "wall"
    MAP = "wall-map"
