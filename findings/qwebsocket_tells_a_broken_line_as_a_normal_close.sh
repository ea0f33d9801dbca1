#!/usr/bin/env bash
# A QWebSocket of PySide6 6.11.1 whose line broke, without a farewell, has the close code of a farewell, CloseCodeNormal
# (1000), where RFC 6455, 7.1.5, has 1006. What is sent before the line is open, or after it broke, is dropped: the answer
# is 0, where the length of the text was the answer, and no signal, error or state tells of it, so that what was asked for
# is never told.
# Guessed: 1006; and that what is sent early is sent when the line opens, or is an error.
# Python 3.10 to 3.13, no screen. Output seen: "broken: early 0, sent 17, received KEY PRI, CloseCodeNormal, late 0,
# errors RemoteHostClosedError; farewell: early 0, sent 17, received KEY PRI, CloseCodeNormal, late 0, errors none".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1 PySide6-Addons==6.11.1
timeout 60 "$folder/venv/bin/python" - <<'PYTHON'
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtNetwork import QHostAddress
from PySide6.QtWebSockets import QWebSocket, QWebSocketServer


def line(app, farewell):
    """Open a line that ends when the first text arrives, and tell what its two ends saw."""
    seen, errors, accepted = [], [], []
    server = QWebSocketServer("quotes", QWebSocketServer.SslMode.NonSecureMode)
    server.listen(QHostAddress.SpecialAddress.LocalHost, 0)

    def received(text):
        seen.append(f"received {text.removeprefix('subscribe ')}")
        if farewell:
            accepted[0].close()
        else:
            accepted[0].abort()

    def accept():
        accepted.append(server.nextPendingConnection())
        accepted[0].textMessageReceived.connect(received)

    def ended():
        seen.append(client.closeCode().name)
        seen.append(f"late {client.sendTextMessage('subscribe CIM PRB')}")
        app.quit()

    server.newConnection.connect(accept)
    client = QWebSocket()
    client.errorOccurred.connect(lambda error: errors.append(error.name))
    client.connected.connect(lambda: seen.append(f"sent {client.sendTextMessage('subscribe KEY PRI')}"))
    client.disconnected.connect(ended)
    client.open(QUrl(f"ws://127.0.0.1:{server.serverPort()}"))
    seen.append(f"early {client.sendTextMessage('subscribe KEY PRK')}")
    app.exec()
    return ", ".join([*seen, f"errors {' '.join(errors) or 'none'}"])


app = QCoreApplication([])
seen = f"broken: {line(app, farewell=False)}; farewell: {line(app, farewell=True)}"
print(seen)
assert seen == ("broken: early 0, sent 17, received KEY PRI, CloseCodeNormal, late 0, errors RemoteHostClosedError; "
                "farewell: early 0, sent 17, received KEY PRI, CloseCodeNormal, late 0, errors none")
PYTHON
