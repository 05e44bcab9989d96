"""Feast: `get_historical_features` of its own offline stores, DuckDB and Dask.

Its registry is made before (`prepare`), as a user applies definitions once. It runs in an
environment of its own, for it needs an older pandas.
"""
import os

from joins.training_set import write_arrow


def configuration(output, store):
    """The registry lies in the folder of the output, one for each offline store."""
    from feast.repo_config import RegistryConfig, RepoConfig

    return RepoConfig(
        project="benchmark", provider="local", offline_store={"type": store}, online_store=None,
        registry=RegistryConfig(path=f"{os.path.dirname(output)}/feast-{store}.registry"),
        entity_key_serialization_version=3)


def prepare(files, output, store):
    """Writes the registry: a feature view for each file."""
    from datetime import timedelta

    import pyarrow.parquet as pq
    from feast import Entity, FeatureStore, FeatureView, Field, FileSource, ValueType
    from feast.type_map import pa_to_feast_value_type
    from feast.types import from_value_type

    entity = Entity(name="entity", join_keys=["entity"], value_type=ValueType.INT64)
    objects = [entity]
    for index, file in enumerate(files):
        schema = [
            Field(name=field.name, dtype=from_value_type(pa_to_feast_value_type(str(field.type))))
            for field in pq.read_schema(file) if field.name != "event_time"]
        objects.append(FeatureView(
            name=f"f{index}", entities=[entity], schema=schema, ttl=timedelta(0), online=False,
            source=FileSource(path=file, timestamp_field="event_time")))
    FeatureStore(config=configuration(output, store)).apply(objects)


def joined(files, labels, output, kind, store):
    import pandas as pd
    import pyarrow.parquet as pq
    from feast import FeatureStore

    feast = FeatureStore(config=configuration(output, store))
    rows = pd.read_parquet(labels)
    rows["place"] = range(len(rows))
    names = [f"f{index}:{name}" for index, file in enumerate(files)
             for name in pq.read_schema(file).names if name not in ("entity", "event_time")]
    result = feast.get_historical_features(entity_df=rows, features=names).to_arrow()
    result = result.sort_by("place").drop_columns("place")
    if "__index_level_0__" in result.column_names:
        result = result.drop_columns("__index_level_0__")
    write_arrow(result, output, kind)


def duckdb(files, labels, output, kind):
    joined(files, labels, output, kind, "duckdb")


def dask(files, labels, output, kind):
    joined(files, labels, output, kind, "dask")

