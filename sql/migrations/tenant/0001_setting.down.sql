-- Takes back 0001: the preferences are gone.
DROP TABLE setting;
