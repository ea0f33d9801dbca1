"""The local API: other programs of the same user read what the window shows, as JSON over HTTP.

Only this package imports FastAPI and uvicorn. Nothing in it can place, change or cancel an order.
"""
