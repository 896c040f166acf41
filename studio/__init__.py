"""The embedded backend: the hosted service's API, answered on the user's own machine."""

__version__ = "0.1.0"
