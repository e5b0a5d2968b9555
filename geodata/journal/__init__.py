"""Events that arrive live: checked, kept in order before they are acknowledged, made to cases."""
