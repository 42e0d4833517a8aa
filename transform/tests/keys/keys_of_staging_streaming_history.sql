{{ broken_rules([
    'stg_streaming_history__loads',
]) }}
