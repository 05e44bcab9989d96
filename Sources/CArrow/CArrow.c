#include "hindcast_arrow.h"
