#ifndef MUTEX_RACES_H
#define MUTEX_RACES_H

// Nothing to call: see mutex_races.c.

#endif
