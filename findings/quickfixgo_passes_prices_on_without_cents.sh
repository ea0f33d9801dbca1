#!/usr/bin/env bash
# A price that quickfix 0.9.9 for Go (quickfixgo) has read from one message and sets in another is written as whole dollars:
# FIXDecimal, of which its fields of prices are made, reads 25.75 and keeps it, but how many digits it writes is a number of
# its own, which reading leaves at 0. So 25.75 is passed on as 26, and 25.125 as 25.
# Guessed: what was read is written as it came.
# Go 1.23 or later. Output seen: "read 25.75, passed on 26; read 25.125, passed on 25".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GOPATH="$folder/go" GOFLAGS="-modcacherw -mod=mod"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/quickfixgo/quickfix"
)

const lastPrice = quickfix.Tag(31)

func main() {
	var seen []string
	for _, told := range []string{"25.75", "25.125"} {
		received, passedOn := quickfix.NewMessage(), quickfix.NewMessage()
		received.Body.SetString(lastPrice, told)
		var price quickfix.FIXDecimal
		if err := received.Body.GetField(lastPrice, &price); err != nil {
			panic(err)
		}
		passedOn.Body.SetField(lastPrice, price)
		written, err := passedOn.Body.GetString(lastPrice)
		if err != nil {
			panic(err)
		}
		seen = append(seen, fmt.Sprintf("read %s, passed on %s", price.String(), written))
	}
	line := strings.Join(seen, "; ")
	fmt.Println(line)
	if line != "read 25.75, passed on 26; read 25.125, passed on 25" {
		os.Exit(1)
	}
}
GO
go mod init seen 2>/dev/null
go get github.com/quickfixgo/quickfix@v0.9.9 2>/dev/null
go run .
