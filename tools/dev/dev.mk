# What developers measure with: programs of several files, the drawn samples.

DEVDIRS := $(notdir $(patsubst %/,%,$(dir $(wildcard tools/dev/*/main.c))))
define dev_rule
$(B)/dev/$(1): $$(patsubst %.c,$(B)/obj/%.o,$$(wildcard tools/dev/$(1)/*.c)) $(B)/libcomptoir.a
	@mkdir -p $$(@D)
	$(CC) $(LDFLAGS) -o $$@ $$^ $(LIBS_DOC) $(LIBS_BASE)
bins: $(B)/dev/$(1)
endef
$(foreach d,$(DEVDIRS),$(eval $(call dev_rule,$(d))))

# ---- the six fictional invoices, as PDF and as scans ---------------------
# $(B)/samples/S2-1.pdf is invoice S2 in layout 1; S2-1-scan.pdf its scan,
# with S2-1-scan-1.jpg, S2-1-scan-2.jpg... beside it.
SAMPLES := $(foreach i,S1 S2 S3 S4 S5 S6,$(foreach l,1 2 3,$(i)-$(l)))
$(SAMPLES:%=$(B)/samples/%.pdf): $(B)/samples/%.pdf: $(B)/dev/draw tests/fixtures/samples.json
	@mkdir -p $(@D)
	$(B)/dev/draw --id $(firstword $(subst -, ,$*)) --layout $(lastword $(subst -, ,$*)) $@
$(SAMPLES:%=$(B)/samples/%-scan.pdf): $(B)/samples/%-scan.pdf: $(B)/dev/draw tests/fixtures/samples.json
	@mkdir -p $(@D)
	$(B)/dev/draw --id $(firstword $(subst -, ,$*)) --layout $(lastword $(subst -, ,$*)) --scan $@
.PHONY: samples
samples: $(SAMPLES:%=$(B)/samples/%.pdf) $(SAMPLES:%=$(B)/samples/%-scan.pdf)
