// Every collection starts processes of its own: one after the other, or two cores would be shared by three clusters.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
