# The few words in front of Meson; docs/developing.md says what stands behind each.
.PHONY: build demo test soak bench fuzz format clean

build:
	@tools/setup.sh build
	@tools/build.sh release
	@echo "Built: build-release/src/sampan"

demo:
	@tools/setup.sh demo
	@tools/build.sh release src/sampan
	@tools/demo.sh build-release/src/sampan

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
	rm -rf build build-release build-test build-clang build-fuzz demo
