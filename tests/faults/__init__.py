"""The catalogue on trial: every fault is caught, no right layer is accused."""
