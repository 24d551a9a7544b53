"""The words of the portals in other languages: gettext catalogues, kept with Babel, English being the source."""
