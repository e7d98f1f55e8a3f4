"""Loading: accepted rows become rows of the vault if their person consents, once however often they are sent."""
