"""The local API for other programs of the same user: they read what the window shows, as JSON over HTTP.

Alone imports FastAPI and uvicorn. It knows neither wire nor window, and nothing in it can place, change or
cancel an order.
"""
