"""What tests build with: valid events, fakes, waiting."""
