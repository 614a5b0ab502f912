"""Teaching the recogniser: sounds whose group and role are known, varied, learned from and measured."""
