"""The API's records: position, order, execution, account values, connection."""
