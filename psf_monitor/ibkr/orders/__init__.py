"""The terms of orders as TWS reports them."""
