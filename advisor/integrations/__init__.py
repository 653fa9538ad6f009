"""Callbacks for libraries that own the training loop: Hugging Face Trainer, Lightning and Keras. Each is thin over `advisor.watch`.

Import the one you need; only then is its library imported: `from advisor.integrations.lightning import AdvisorCallback`.
"""
