# The few words in front of Meson; docs/developing.md says what stands behind each.
.PHONY: build demo dev package test soak bench fuzz format clean

build:
	@tools/setup.sh build
	@tools/build.sh release
	@echo "Built: build-release/src/sampan"

demo:
	@tools/setup.sh demo
	@tools/build.sh release src/sampan
	@tools/demo.sh build-release/src/sampan

# Shows a saved template within a second: http://127.0.0.1:8080/
dev:
	@tools/setup.sh build
	@$$(tools/python.sh) -B tools/dev.py

# One file, and a .deb of it, in package/.
package:
	@tools/setup.sh package
	@tools/build.sh release src/sampan
	@tools/package/build.sh build-release/src/sampan package

test:
	@tools/test.sh

soak:
	@tools/soak.sh

bench:
	@tools/bench.sh

# make fuzz SECONDS=600
SECONDS = 60
fuzz:
	@tools/setup.sh test
	@tools/fuzz.sh $(SECONDS)

format:
	@tools/setup.sh test
	@tools/format.sh

clean:
	rm -rf build build-release build-test build-clang build-fuzz build-dev package demo
