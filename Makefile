# comptoir: everything is found by folder; adding a file needs no edit here.
# Output goes to $(B) only: `make B=build-asan SAN=1` keeps a second build apart.
B      ?= build
PREFIX ?= /opt/comptoir
CC     ?= gcc
SHELL  := /bin/bash
.SECONDARY:
.DELETE_ON_ERROR:

PKGS := jansson libpq libmemcached libcrypto libjwt libpcre2-8 libseccomp \
        poppler-glib cairo lept tesseract expat zlib
CFLAGS_PKG := $(shell pkg-config --cflags $(PKGS) fcgi 2>/dev/null)
WARN := -Wall -Wextra -Wformat=2 -Wvla -Wshadow -Wstrict-prototypes \
        -Wmissing-prototypes -Wno-format-nonliteral -Werror
HARD := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
        -fstack-clash-protection -fcf-protection=full \
        -ftrivial-auto-var-init=zero -fno-delete-null-pointer-checks \
        -fno-strict-overflow -fno-strict-aliasing -fPIE
OPT ?= -O2 -g
ifdef SAN
  HARD := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
          -fno-omit-frame-pointer -fPIE -DCOMPTOIR_SAN=1
  OPT  := -O1 -g
  LDSAN := -fsanitize=address,undefined
endif
ifdef COV
  OPT := -O0 -g --coverage
  LDSAN += --coverage
  HARD := -fPIE
endif
CPPFLAGS := -D_GNU_SOURCE -Ilib -Itests/lib -I$(B)/gen $(CFLAGS_PKG)
CFLAGS   := -std=gnu17 $(OPT) $(WARN) $(HARD)
LDFLAGS  := -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed $(LDSAN)
LIBS_BASE := -ljansson -lpq -lmemcached -ljwt -lcrypto -lcrypt -lpcre2-8 \
             -lfcgi -lhpdf -lz -lm
LIBS_DOC  := $(shell pkg-config --libs poppler-glib cairo lept tesseract expat libseccomp 2>/dev/null)

LIB_SRC  := $(wildcard lib/*/*.c)
LIB_OBJ  := $(LIB_SRC:%.c=$(B)/obj/%.o)
FAMILIES := $(notdir $(patsubst %/,%,$(dir $(wildcard fcgi/*/main.c))))
TOOLS    := $(notdir $(patsubst %/,%,$(dir $(wildcard tools/*/main.c))))
DEVTOOLS := $(patsubst tools/dev/%.c,%,$(wildcard tools/dev/*.c))
UNITS    := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
QUERIES  := $(patsubst sql/queries/%.sql,$(B)/gen/sql/%.h,$(wildcard sql/queries/*.sql))
TEMPLATES := $(wildcard lib/templates/*)

.PHONY: all lib bins units install clean check check-deep hostile bench \
        accuracy coverage share routes fuzz
all: bins share

# ---- generated ----------------------------------------------------------
$(B)/gen/sql/%.h: sql/queries/%.sql tools/dev/sql2h.awk
	@mkdir -p $(@D)
	awk -v module=$* -f tools/dev/sql2h.awk $< > $@
$(B)/gen/version.h: VERSION
	@mkdir -p $(@D)
	@printf '#define COMPTOIR_VERSION "%s"\n' "$$(cat VERSION)" > $@
# Passwords that are tried first, from our own words.
$(B)/gen/password_list.h: tools/dev/password_list.awk lib/wire/password_words.txt
	@mkdir -p $(@D)
	awk -f $^ > $@

# ---- objects ------------------------------------------------------------
$(B)/obj/%.o: %.c | $(QUERIES) $(B)/gen/version.h $(B)/gen/password_list.h
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c $< -o $@
$(B)/libcomptoir.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^
lib: $(B)/libcomptoir.a

# ---- programs: fcgi/<family> -> comptoir-<family>; tools/<dir> with a main.c
define family_rule
$(B)/bin/comptoir-$(1): $$(patsubst %.c,$(B)/obj/%.o,$$(wildcard fcgi/$(1)/*.c)) $(B)/libcomptoir.a
	@mkdir -p $$(@D)
	$(CC) $(LDFLAGS) -o $$@ $$^ $(LIBS_BASE)
bins: $(B)/bin/comptoir-$(1)
endef
$(foreach f,$(FAMILIES),$(eval $(call family_rule,$(f))))

# A tool named ctl is the program comptoirctl; any other is comptoir-<tool>.
tool_name = $(if $(filter ctl,$(1)),comptoirctl,comptoir-$(1))
define tool_rule
$(B)/bin/$(call tool_name,$(1)): $$(patsubst %.c,$(B)/obj/%.o,$$(wildcard tools/$(1)/*.c)) $(B)/libcomptoir.a
	@mkdir -p $$(@D)
	$(CC) $(LDFLAGS) -o $$@ $$^ $(LIBS_DOC) $(LIBS_BASE)
bins: $(B)/bin/$(call tool_name,$(1))
endef
$(foreach t,$(TOOLS),$(eval $(call tool_rule,$(t))))

$(B)/bin/comptoir-supervise: $(patsubst %.c,$(B)/obj/%.o,$(wildcard spawn/*.c)) $(B)/libcomptoir.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_BASE)
ifneq ($(wildcard spawn/supervise.c),)
bins: $(B)/bin/comptoir-supervise
endif

# Developer programs (drawing samples, reading a file by hand, accuracy):
# one file each, never installed.
$(B)/dev/%: $(B)/obj/tools/dev/%.o $(B)/libcomptoir.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_DOC) $(LIBS_BASE)
bins: $(DEVTOOLS:%=$(B)/dev/%)

$(B)/tests/unit/%: $(B)/obj/tests/unit/%.o $(B)/libcomptoir.a
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_DOC) $(LIBS_BASE)
units: $(UNITS:%=$(B)/tests/unit/%)

# ---- fonts: small subsets of DejaVu, made here so that none is committed --
FONT_DIR := /usr/share/fonts/truetype/dejavu
UNICODES := 20-7E,A0-FF,152,153,178,2013,2014,2018,2019,201C,201D,2022,2026,202F,20AC,2212
$(B)/share/fonts/sans.ttf: $(FONT_DIR)/DejaVuSans.ttf
$(B)/share/fonts/bold.ttf: $(FONT_DIR)/DejaVuSans-Bold.ttf
$(B)/share/fonts/%.ttf:
	@mkdir -p $(@D)
	hb-subset --no-hinting --layout-features= --unicodes=$(UNICODES) \
	  --output-file=$@ $<
share: $(B)/share/fonts/sans.ttf $(B)/share/fonts/bold.ttf

$(B)/share/www/%: nginx/www/%
	@mkdir -p $(@D)
	cp $< $@
share: $(patsubst nginx/www/%,$(B)/share/www/%,$(shell find nginx/www -type f 2>/dev/null))

$(B)/share/limits.tsv: lib/web/limits.tsv
	@mkdir -p $(@D)
	cp $< $@
share: $(B)/share/limits.tsv

# What a language model is asked, and the shape of its answer; mails.
READ := prompt_fr.txt extraction_schema.json \
        $(notdir $(wildcard lib/templates/mail_*.txt))
$(READ:%=$(B)/share/%): $(B)/share/%: lib/templates/%
	@mkdir -p $(@D)
	cp $< $@
share: $(READ:%=$(B)/share/%)

# ---- openapi.json and docs/ROUTES.md from the route tables -----------------
FAMILY_BINS := $(FAMILIES:%=$(B)/bin/comptoir-%)
$(B)/gen/openapi/%.json: $(B)/bin/comptoir-% $(B)/share/limits.tsv
	@mkdir -p $(@D)
	env -i LIMITS_FILE=$(B)/share/limits.tsv $< --openapi > $@
$(B)/share/openapi.json: $(B)/dev/openapi $(FAMILIES:%=$(B)/gen/openapi/%.json)
	$< merge $(filter %.json,$^) > $@
share: $(B)/share/openapi.json

# After a change of route rows; tests/static/tables compares the two.
routes: $(B)/share/openapi.json
	sed '/^|/,$$d' docs/ROUTES.md > $(B)/gen/routes.md
	$(B)/dev/openapi routes $< >> $(B)/gen/routes.md
	cp $(B)/gen/routes.md docs/ROUTES.md

# ---- the installed tree ---------------------------------------------------
# bin, share, sql, nginx and spawn, readable by all: everything that runs
# needs, and nothing of the checkout. PREFIX is a folder of its own.
TREE := $(DESTDIR)$(PREFIX)
install: all
	install -d $(TREE)/bin $(TREE)/share
	install -m 755 $(B)/bin/* $(TREE)/bin/
	cp -R $(B)/share/. $(TREE)/share/
	for d in sql nginx spawn; do [ ! -d $$d ] || cp -R $$d $(TREE)/; done
	chmod -R u=rwX,go=rX $(TREE)

include tools/dev/dev.mk

check:
	tools/check

clean:
	rm -rf $(B)

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
