#!/usr/bin/env bash
# ctrader-fix 0.1.1 takes what TCP delivers together for one message. Of two fills that arrive in one segment there is one
# message, which answers lists where a program expects values. A message that is cut inside its trailer is not seen until the
# next one arrives, and is one with that. And a value ends at its second "=": of the text "limit=24.5" there is "limit".
# Guessed: a message ends with its trailer, however TCP cuts the line.
# Python 3.10 to 3.13. Output seen: "e1: 100 limit; ['e2', 'e3']: ['200', '300']; ['e4', 'e5']: ['400', '500']".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ctrader-fix==0.1.1 Twisted==21.7.0
timeout 60 "$folder/venv/bin/python" - <<'PYTHON'
from ctrader_fix import Client
from twisted.internet import protocol, reactor

END = "\x01"
seen = []


def fill(execution, shares, text=""):
    """A whole execution report, with its length and its sum."""
    fields = ["35=8", "49=BROKER", "56=US", "34=2", "52=20261127-15:15:30", "37=7", "11=order", f"17={execution}", "39=1",
              "150=F", "54=1", "55=1", f"32={shares}", "31=24.5", *([f"58={text}"] if text else []), ""]
    body = END.join(fields)
    head = f"8=FIX.4.4{END}9={len(body)}{END}{body}".encode()
    return head + f"10={sum(head) % 256:03d}{END}".encode()


LATE = fill("e4", 400)
SEGMENTS = [fill("e1", 100, "limit=24.5"), fill("e2", 200) + fill("e3", 300), LATE[:-5], LATE[-5:], fill("e5", 500)]


class Broker(protocol.Protocol):
    """Send segment after segment, with a pause between them."""

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        self.send(0)

    def send(self, number):
        self.transport.write(SEGMENTS[number])
        if number + 1 < len(SEGMENTS):
            reactor.callLater(0.5, self.send, number + 1)
        else:
            reactor.callLater(1, reactor.stop)


def received(_, message):
    text = message.getFieldValue(58)
    seen.append(f"{message.getFieldValue(17)}: {message.getFieldValue(32)}{f' {text}' if text else ''}")


port = reactor.listenTCP(0, protocol.Factory.forProtocol(Broker), interface="127.0.0.1")
client = Client("127.0.0.1", port.getHost().port, delimiter=END)
client.setMessageReceivedCallback(received)
client.startService()
reactor.run()
print("; ".join(seen))
assert seen == ["e1: 100 limit", "['e2', 'e3']: ['200', '300']", "['e4', 'e5']: ['400', '500']"]
PYTHON
