/* The reference tables this process works with: read from PostgreSQL once,
 * kept while the database is away, replaced when their version changes. */
#pragma once
#include <stdbool.h>
#include "invoice/reference.h"
#include "llm/llm.h"
#include "store/db.h"

/* Reads over the process's connection (NULL: none is configured); a database
 * that is away does not stop the start. */
bool tables_init(struct db *connection);
/* The present tables, or NULL when none could be read yet. Asks for a newer
 * version at most once a minute and for missing ones once a second. */
const struct reference *tables_get(void);
/* The language model that reads along, whose budget is in the same database;
 * NULL when none is set up. */
struct llm *tables_llm(void);
