"""The raw tables of the Spotify source. Their columns are declared here and nowhere else."""

from pipelines.raw.table import Table
from pipelines.spotify.tables.account import ACCOUNT
from pipelines.spotify.tables.catalogue import CATALOGUE
from pipelines.spotify.tables.library import LIBRARY
from pipelines.spotify.tables.listening import LISTENING
from pipelines.spotify.tables.playlists import PLAYLISTS
from pipelines.spotify.tables.spoken import SPOKEN

TABLES: dict[str, Table] = {
    table.name: table for table in (*ACCOUNT, *LISTENING, *LIBRARY, *PLAYLISTS, *CATALOGUE, *SPOKEN)
}
