"""Files to arrays and back: probing, checked streaming reads, resampling, atomic writes."""
