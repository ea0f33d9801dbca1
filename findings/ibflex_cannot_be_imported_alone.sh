#!/usr/bin/env bash
# ibflex 1.1 reads IBKR's Flex statements from files. "The parser has no dependencies beyond the Python standard library", by its
# text, and only the client that fetches statements needs requests. After "pip install ibflex" the parser cannot be imported:
# the package imports the client, and names requests for the extra "web" alone.
# Guessed: reading a file needs nothing else; only the web client fails without its extra.
# Python 3.10 to 3.13. Output seen: "alone: ModuleNotFoundError: No module named 'requests'; with requests: 12.5 USD".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
cat >"$folder/seen.py" <<'PYTHON'
import io

try:
    from ibflex import parser
except ModuleNotFoundError as error:
    print(f"{type(error).__name__}: {error}")
else:
    statement = (
        '<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="1"><FlexStatement accountId="U1234567" '
        'fromDate="20260101" toDate="20260131" period="LastMonth" whenGenerated="20260201;080000"><CashTransactions>'
        '<CashTransaction accountId="U1234567" currency="USD" type="Dividends" amount="12.5" dateTime="20260115"/>'
        "</CashTransactions></FlexStatement></FlexStatements></FlexQueryResponse>"
    )
    (paid,) = parser.parse(io.BytesIO(statement.encode())).FlexStatements[0].CashTransactions
    print(f"{paid.amount} {paid.currency}")
PYTHON
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ibflex==1.1
alone=$("$folder/venv/bin/python" "$folder/seen.py")
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check requests==2.32.5
with=$("$folder/venv/bin/python" "$folder/seen.py")
echo "alone: $alone; with requests: $with"
[ "$alone" = "ModuleNotFoundError: No module named 'requests'" ]
[ "$with" = "12.5 USD" ]
