/* Local check of what a model answers against the schema it was sent. */
#pragma once
#include <stdbool.h>
#include <jansson.h>

/* True when value is what schema describes. Knows type, enum, properties,
 * required, additionalProperties, items and $ref to #/$defs; an array may
 * hold 500 elements and a text 2000 bytes. schema is ours, value is not. */
bool llm_schema_fits(const json_t *schema, const json_t *value);
