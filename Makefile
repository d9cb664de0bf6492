# SPDX-License-Identifier: Apache-2.0
# Each target is one visible command; `make` alone lists them.

PREFIX ?= /usr/local

.PHONY: help setup build check test lint fmt golden demo bench agree fuzz sanitize kernels install

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 17

setup: ## install the Debian packages that are missing
	@scripts/setup

build: ## build .build/release/ferrule
	@scripts/setup build
	swift build -c release --product ferrule

test: setup ## lint and run every test (as root: some need network namespaces)
	scripts/test

check: fmt ## format, lint, build, and the tests that need no root
	scripts/check

lint: ## check format, module imports and licence lines
	scripts/lint

fmt: ## format the sources in place
	swift format --in-place --parallel --recursive Sources Tests Benchmarks Package.swift

golden: setup ## write the expected outputs of the golden cases and examples anew
	scripts/golden

demo: setup ## show it at work between network namespaces (as root)
	scripts/demo

bench: setup ## measure a cluster of 10,001 services (as root)
	scripts/bench

agree: setup ## compare 100,000 packets with what the evaluator says of them (as root; AGREE=100000)
	@scripts/agree

fuzz: setup ## feed the readers a million damaged definitions (RUNS=1000000)
	scripts/fuzz

sanitize: setup ## run the tests of what handles memory by address with the address sanitizer
	scripts/sanitize

kernels: setup ## try kernels of other Debian releases in an emulator (as root; an hour)
	scripts/kernels

install: build ## install below PREFIX (/usr/local)
	scripts/install "$(DESTDIR)$(PREFIX)"
