"""What a browser calls itself, in words that its owner recognises."""

BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Return "Firefox, Windows" for the long line that a browser sends; what is unknown is left as it is."""
    words = [next((name for key, name in table if key in user_agent), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in words if word) or user_agent[:40]
