# SPDX-License-Identifier: Apache-2.0
# Each target is one visible command; `make` alone lists them.

PREFIX ?= /usr/local

.PHONY: help setup build check test lint fmt golden demo bench agree fuzz sanitize kernels install release deb image packages-test

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 23

setup: ## install the Debian packages that are missing
	@scripts/setup

build: ## build .build-static/release/ferrule, which needs no Swift where it runs
	@scripts/setup build
	scripts/build-static --product ferrule

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

packages-test: setup ## make packages and try them in root file systems and a container (as root)
	scripts/packages-test

kernels: setup ## try kernels of other Debian releases in an emulator (as root; an hour)
	scripts/kernels

install: build ## install below PREFIX (/usr/local)
	scripts/install "$(DESTDIR)$(PREFIX)"

deb: build ## make the Debian package, in dist/
	@scripts/setup build "dpkg-shlibdeps dpkg-dev" "jq jq"
	scripts/packages/deb

image: build ## make the OCI image, in dist/ (as root)
	@scripts/setup build "umoci umoci" "setcap libcap2-bin" "jq jq"
	scripts/packages/image

release: ## make all that is published of a clean checkout, in dist/ (as root)
	@scripts/setup build "dpkg-shlibdeps dpkg-dev" "umoci umoci" "setcap libcap2-bin" "jq jq"
	scripts/release
