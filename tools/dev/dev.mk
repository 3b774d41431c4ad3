# What developers measure with: programs of several files, the drawn samples.

DEVDIRS := $(notdir $(patsubst %/,%,$(dir $(wildcard tools/dev/*/main.c))))
# drawn draws what it judges, and searches its reports
DEV_ALSO_drawn := $(filter-out %/main.c,$(wildcard tools/dev/draw/*.c)) \
                  tools/dev/accuracy/search.c
define dev_rule
$(B)/dev/$(1): $$(patsubst %.c,$(B)/obj/%.o,$$(wildcard tools/dev/$(1)/*.c) $$(DEV_ALSO_$(1))) $(B)/libcomptoir.a
	@mkdir -p $$(@D)
	$(CC) $(LDFLAGS) -o $$@ $$^ $(LIBS_DOC) $(LIBS_BASE)
bins: $(B)/dev/$(1)
endef
$(foreach d,$(DEVDIRS),$(eval $(call dev_rule,$(d))))

# ---- the six fictional invoices, as PDF and as scans ---------------------
# $(B)/samples/S2-1.pdf is invoice S2 in layout 1; S2-1-scan.pdf its scan,
# with S2-1-scan-1.jpg, S2-1-scan-2.jpg... beside it.
SAMPLES_OTHER := S1-4 S2-4 S3-4 S4-4 S5-4 S6-4
SAMPLES := $(foreach i,S1 S2 S3 S4 S5 S6,$(foreach l,1 2 3,$(i)-$(l)))
$(SAMPLES:%=$(B)/samples/%.pdf): $(B)/samples/%.pdf: $(B)/dev/draw tests/fixtures/samples.json
	@mkdir -p $(@D)
	$(B)/dev/draw --id $(firstword $(subst -, ,$*)) --layout $(lastword $(subst -, ,$*)) $@
$(SAMPLES:%=$(B)/samples/%-scan.pdf): $(B)/samples/%-scan.pdf: $(B)/dev/draw tests/fixtures/samples.json
	@mkdir -p $(@D)
	$(B)/dev/draw --id $(firstword $(subst -, ,$*)) --layout $(lastword $(subst -, ,$*)) --scan $@
$(SAMPLES_OTHER:%=$(B)/samples/%.pdf): $(B)/samples/%.pdf: $(B)/dev/draw tests/fixtures/samples.json
	@mkdir -p $(@D)
	$(B)/dev/draw --id $(firstword $(subst -, ,$*)) --layout 4 $@
.PHONY: samples
samples: $(SAMPLES_OTHER:%=$(B)/samples/%.pdf) $(SAMPLES:%=$(B)/samples/%.pdf) $(SAMPLES:%=$(B)/samples/%-scan.pdf)

# ---- random invoices: misread digits of scans, true mistakes of text layers,
# whole audits; `make drawn DRAWN_SCANS=40 DRAWN_AUDITS=200` is quick ----------
DRAWN_SCANS ?= 500
DRAWN_AUDITS ?= 10000
.PHONY: drawn
drawn: share $(B)/dev/drawn $(B)/bin/comptoir-documents
	-B=$(B) tools/dev/drawn/run repairs $(DRAWN_SCANS)
	-B=$(B) tools/dev/drawn/run audits $(DRAWN_AUDITS)

# ---- how much is read right: every field of every sample, as text and as
# scans; $(B)/accuracy.txt has each field, the screen the wrong ones ---------
accuracy: samples share drawn $(B)/dev/accuracy $(B)/dev/real $(B)/dev/read $(B)/bin/comptoir-documents
	$(B)/dev/real
	tools/dev/accuracy/general --build $(B) --scans
	B=$(B) tests/rules/einvoice-corpus
	COMPTOIR_HOME=$(B) $(B)/dev/accuracy --drawn $(B)/samples \
	  --documents $(B)/bin/comptoir-documents --log $(B)/accuracy.txt

# ---- fuzz targets: tests/fuzz/NAME.c, seeds in tests/fuzz/corpus/NAME -------
# With SAN=1 they run under ASan and UBSan; with LIBFUZZER=1 (clang) libFuzzer
# leads, else tests/lib/fuzz_replay.c mutates the seeds in a fixed order.
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
FUZZ_SECONDS ?= 60
ifdef LIBFUZZER
  LD_FUZZ := -fsanitize=fuzzer
else
  FUZZ_MAIN := $(B)/obj/tests/lib/fuzz_replay.o
endif
$(FUZZERS:%=$(B)/tests/fuzz/%): $(B)/tests/fuzz/%: $(B)/obj/tests/fuzz/%.o $(FUZZ_MAIN) $(B)/libcomptoir.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(LD_FUZZ) -o $@ $^ $(LIBS_DOC) $(LIBS_BASE)
.PHONY: fuzzers
fuzzers: $(FUZZERS:%=$(B)/tests/fuzz/%)
fuzz:
	FUZZ_SECONDS=$(FUZZ_SECONDS) B=$(B) tests/fuzz/run

# ---- every bad file of ../shared/data/hostile, to the parent and by HTTP ----
hostile: all share
	B=$(B) tests/hostile/run

# ---- speed and memory, beside the rivals of ../shared where they are -------
bench: all samples
	B=$(B) tests/bench/run
	B=$(B) tests/bench/restarts $(RESTART_SECONDS)

# ---- what takes long: sanitizers over the whole suite, valgrind, analyzers,
# fuzzing; and how many lines the tests reach --------------------------------
check-deep:
	B=$(B) tools/check-deep
coverage:
	B=$(B) tools/coverage
