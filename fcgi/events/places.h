/* How many processes of the family may wait at once on this host: all but one,
 * which is there to say so. */
#pragma once
#include <stdbool.h>

/* Opens the file of places in the run directory; call once at the start.
 * False, logged, when it cannot. */
bool places_open(void);
/* Takes a place for this process; false when none is free. A process that dies
 * gives its place back. */
bool places_take(void);
void places_leave(void);
