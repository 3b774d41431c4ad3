/* Personal data that is known by its form alone. */
#pragma once
#include <stddef.h>
#include "base/attr.h"

/* Bytes of the e-mail address, telephone number, bank account, supply point
 * or name after a title that begins at s, 0 when none does; *kind is its
 * mark's word. s begins a word. */
MUST_CHECK size_t redact_form_at(const char *s, const char **kind);
