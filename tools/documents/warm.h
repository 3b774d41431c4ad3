/* Work done once, before the first fork, so that children need not. */
#pragma once

/* Starts poppler and fontconfig on a page of our own. */
void warm_up(void);
