"""The web layer: what comes in is read and checked, what goes out is rendered and guarded. See docs/web.md."""
