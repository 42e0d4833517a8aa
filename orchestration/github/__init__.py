"""What a scheduled workflow needs of GitHub: the job, one issue, a data branch."""
