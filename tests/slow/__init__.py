"""Our measures beside independent implementations; a few seconds."""
