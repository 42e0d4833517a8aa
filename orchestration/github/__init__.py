"""The parts of GitHub that a scheduled workflow uses: the job, one issue, the data branch."""
