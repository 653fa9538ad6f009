"""Four looks: dark, light, high contrast, and one for readers who see no red or no green. No meaning hangs on colour alone."""

from textual.theme import Theme

# Colours of curves that can be told apart on black and on white; of heat from little to much.
CURVES = ("#0087d7", "#d75f00", "#af5faf", "#00875f", "#875f00", "#767676")
HEAT = ("#5f5f87", "#5f5faf", "#5f87af", "#5f8787", "#5f875f", "#87875f", "#af8700", "#d75f00")
DARK_CURVES = ("#4ea8f5", "#ff8c42", "#c792ea", "#3ecf8e", "#e5c07b", "#a0a8b8")
DARK_HEAT = ("#5d6bb0", "#4f74c8", "#4b8fd4", "#4aa8c4", "#5bbf8f", "#a3c45c", "#e0b84a", "#ff8c42")
LIGHT_CURVES = ("#0067b8", "#b84a00", "#8a3fa0", "#007a4d", "#7a5500", "#5f6670")
LIGHT_HEAT = ("#8ba5d6", "#6f92cc", "#5580c0", "#3f6db0", "#315a99", "#2c4680", "#40306f", "#5c1250")
CONTRAST_CURVES = ("#5fd7ff", "#ffaf00", "#ff87ff", "#5fff87", "#ffff5f", "#ffffff")
CONTRAST_HEAT = ("#8787af", "#87afff", "#5fd7ff", "#5fffd7", "#87ff87", "#d7ff5f", "#ffff5f", "#ffaf00")
# Okabe and Ito 2008, and cividis for heat: both made for every kind of colour vision.
SAFE_CURVES = ("#56b4e9", "#e69f00", "#cc79a7", "#009e73", "#f0e442", "#999999")
SAFE_HEAT = ("#3b4f7f", "#4c6089", "#5f7190", "#748292", "#8b9490", "#a5a784", "#c9bd66", "#fde737")


def _variables(curves: tuple[str, ...], heat: tuple[str, ...], faint: str) -> dict[str, str]:
    """The colours by the names under which dashboard.tcss uses them."""
    named = {f"curve{i}": colour for i, colour in enumerate(curves, 1)}
    return named | {f"heat{i}": colour for i, colour in enumerate(heat, 1)} | {"faint": faint}


DEFAULTS = _variables(CURVES, HEAT, "#808080")  # for themes of textual's own
THEMES = (
    Theme(
        "advisor-dark", primary="#4ea8f5", secondary="#3ecf8e", accent="#c792ea", warning="#e5c07b", error="#ff6b6b", success="#3ecf8e",
        foreground="#d8dee9", background="#11151c", surface="#1a202b", panel="#242c3a", dark=True,
        variables=_variables(DARK_CURVES, DARK_HEAT, "#8a94a6"),
    ),
    Theme(
        "advisor-light", primary="#0067b8", secondary="#007a4d", accent="#8a3fa0", warning="#8a5a00", error="#b3261e", success="#007a4d",
        foreground="#1c2430", background="#fafbfc", surface="#eef1f5", panel="#e1e6ed", dark=False,
        variables=_variables(LIGHT_CURVES, LIGHT_HEAT, "#5b6573"),
    ),
    Theme(
        "high-contrast", primary="#5fd7ff", secondary="#5fff87", accent="#ffff5f", warning="#ffff5f", error="#ff8787", success="#5fff87",
        foreground="#ffffff", background="#000000", surface="#000000", panel="#303030", dark=True, text_alpha=1.0,
        variables=_variables(CONTRAST_CURVES, CONTRAST_HEAT, "#d0d0d0") | {"text-muted": "#e4e4e4", "primary-muted": "#005f87"},
    ),
    Theme(
        "colour-blind", primary="#56b4e9", secondary="#0072b2", accent="#cc79a7", warning="#f0e442", error="#e69f00", success="#56b4e9",
        foreground="#e6e6e6", background="#101418", surface="#1a2027", panel="#252c35", dark=True,
        variables=_variables(SAFE_CURVES, SAFE_HEAT, "#9aa3ad"),
    ),
)  # fmt: skip
NAMES = tuple(theme.name for theme in THEMES)


def following(name: str) -> str:
    """The next of the four."""
    return NAMES[(NAMES.index(name) + 1) % len(NAMES)] if name in NAMES else NAMES[0]
