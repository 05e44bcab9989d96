public import ArgumentParser
public import HindcastDatasets
public import HindcastFormat
public import HindcastInterchange
public import HindcastJoin

// Choices that are typed as the names of their cases.
extension Dataset.RowOrder: ExpressibleByArgument {}
extension FileFormat: ExpressibleByArgument {}
extension NameStyle: ExpressibleByArgument {}
extension Profile: ExpressibleByArgument {}
extension Strategy: ExpressibleByArgument {}
