"""The commands of the command line, a file a group; each defines `COMMANDS`."""
