"""The same point-in-time join by other engines, each in a process of its own.

A way is a function of JOINS: way(files, output). It reads Parquet, joins, and writes the training
set: the label rows in their order, their columns, then every group's features.
"""
