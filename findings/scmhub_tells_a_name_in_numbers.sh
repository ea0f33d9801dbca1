#!/usr/bin/env bash
# ibapi 0.10.47 for Go, that of scmhub, tells the name of the company (longName of message 10) as the numbers of its letters,
# between brackets, from every TWS of version 153 on that does not speak protobuf yet. The other texts of the message are
# read as texts.
# Guessed: the name, with the letters in it that TWS escapes.
# Go 1.26. Output seen: "KEY PRK, PREFERRED, NYSE: [75 69 89 67 79 82 80]" for KEYCORP.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GOPATH="$folder/go" GOFLAGS="-modcacherw -mod=mod"
cat >main.go <<'GO'
package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"github.com/scmhub/ibapi"
)

type program struct {
	ibapi.Wrapper
	told chan string
}

func (p program) ContractDetails(_ int64, details *ibapi.ContractDetails) {
	contract := details.Contract
	p.told <- fmt.Sprintf("%s, %s, %s: %s", contract.LocalSymbol, details.StockType, contract.PrimaryExchange, details.LongName)
}

func frame(fields ...string) []byte {
	payload := strings.Join(fields, "\x00") + "\x00"
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...)
}

// await reads one request of the client.
func await(requests *bufio.Reader) {
	var length uint32
	if binary.Read(requests, binary.BigEndian, &length) == nil {
		_, _ = requests.Discard(int(length))
	}
}

// serve plays a TWS of version 176 that knows one contract.
func serve(listener net.Listener) {
	line, err := listener.Accept()
	if err != nil {
		return
	}
	requests := bufio.NewReader(line)
	_, _ = io.CopyN(io.Discard, requests, 4) // "API" and a zero.
	await(requests)
	_, _ = line.Write(frame("176", "20261127 12:00:00 EST"))
	await(requests)
	_, _ = line.Write(append(frame("15", "1", "DU1234567"), frame("9", "1", "1")...))
	await(requests)
	_, _ = line.Write(frame("10", "7", "KEY", "STK", "", "0", "", "SMART", "USD", "KEY PRK", "KEY", "KEY", "901", "0.01", "",
		"LMT", "SMART,NYSE", "1", "0", "KEYCORP", "NYSE", "", "Financial", "Banks", "", "US/Eastern", "", "", "", "0", "0",
		"1", "", "", "26", "", "PREFERRED", "1", "1", "100"))
	await(requests)
}

func main() {
	ibapi.SetLogLevel(5)
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go serve(listener)
	app := program{told: make(chan string, 1)}
	client := ibapi.NewEClient(app)
	if err := client.Connect("127.0.0.1", listener.Addr().(*net.TCPAddr).Port, 1); err != nil {
		panic(err)
	}
	contract := ibapi.NewContract()
	contract.ConID = 901
	client.ReqContractDetails(7, contract)
	select {
	case told := <-app.told:
		fmt.Println(told)
		if told != "KEY PRK, PREFERRED, NYSE: [75 69 89 67 79 82 80]" {
			os.Exit(1)
		}
	case <-time.After(20 * time.Second):
		fmt.Println("no answer")
		os.Exit(1)
	}
}
GO
go mod init seen 2>/dev/null
go get github.com/scmhub/ibapi@v0.10.47 2>/dev/null
go run .
