{{ broken_rules([
    'stg_streaming_history__covered_spans',
    'stg_streaming_history__import_files',
    'stg_streaming_history__loads',
    'stg_streaming_history__one_year_streams',
    'stg_streaming_history__streams',
]) }}
