@_exported public import HindcastCore
@_exported public import HindcastFormat
@_exported public import HindcastInterchange
@_exported public import HindcastJoin
@_exported public import HindcastOnline
@_exported public import HindcastStore
