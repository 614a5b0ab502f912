"""A Ray cluster of two cores, until standard input ends; prints its address.

Ray ends a process that has not heard of its cluster for a while, without a word: so pytest's process knows of none.
"""

import sys

if __name__ == "__main__":
    from ray.cluster_utils import Cluster

    head = {"num_cpus": 2, "object_store_memory": 80 * 2**20, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    print(cluster.address, flush=True)
    sys.stdin.read()
    cluster.shutdown()
