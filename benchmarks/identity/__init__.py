"""Who is one person: how right the identity models are, what they withstand, what they cost."""
