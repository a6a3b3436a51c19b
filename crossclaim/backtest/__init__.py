"""Claims of the past under the running plans and under changed ones: who gains and who loses."""
