// Filled by the module's owner.
