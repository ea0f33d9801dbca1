#!/usr/bin/env bash
# On-balance volume adds the shares of a day on which a share closed higher, and takes away those of a day on which it closed
# lower. indicator 2.1.16 for Go (cinar/indicator) compares the close with the volume that it has summed up so far: 25.10 is less
# than 100 shares, so a day on which the share rose counts as one on which it fell, and all that decides is whether the sum is
# above the price. Its force index, the change of the close times the shares of the day, takes the shares of the day before.
# Guessed: 100, 300, 300, -100 for the closes below (the first day's shares, then up, unchanged, down); and 0.1 * 200 = 20.
# Go 1.22 or later. Output seen, of closes 25, 25.1, 25.1, 25 and of 100, 200, 300, 400 shares:
#   on-balance volume: 100 -100 200 -200; force index: 10 0 -30
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export GOPATH="$folder/go" GOFLAGS="-modcacherw -mod=mod"
cat >go.mod <<'MOD'
module seen

go 1.22

require github.com/cinar/indicator/v2 v2.1.16
MOD
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/cinar/indicator/v2/helper"
	"github.com/cinar/indicator/v2/volume"
)

func told(values <-chan float64) string {
	var texts []string
	for _, value := range helper.ChanToSlice(values) {
		texts = append(texts, fmt.Sprintf("%.0f", value))
	}
	return strings.Join(texts, " ")
}

func main() {
	closes := []float64{25, 25.1, 25.1, 25}
	shares := []float64{100, 200, 300, 400}
	balance := told(volume.NewObv[float64]().Compute(helper.SliceToChan(closes), helper.SliceToChan(shares)))
	force := told(volume.NewFiWithPeriod[float64](1).Compute(helper.SliceToChan(closes), helper.SliceToChan(shares)))
	seen := fmt.Sprintf("on-balance volume: %s; force index: %s", balance, force)
	fmt.Println(seen)
	if seen != "on-balance volume: 100 -100 200 -200; force index: 10 0 -30" {
		os.Exit(1)
	}
}
GO
go run .
