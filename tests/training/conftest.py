import torch

# Tests run side by side: more threads would only wait for each other.
torch.set_num_threads(1)
