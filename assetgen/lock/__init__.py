"""The lockfile: what was built from what, committed beside the manifest. Timeless: equal state gives equal bytes."""
